# Reads {"patterns": [...], "texts": [...]}; writes for each pattern whether it matches each text.
import json
import re
import sys

given = json.load(sys.stdin)
print(json.dumps([[bool(re.search(p, t)) for t in given["texts"]] for p in given["patterns"]]))
