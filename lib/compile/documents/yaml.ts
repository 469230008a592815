/**
 * JSON values as YAML 1.2 in block style, so that people can read and compare versions line by line. Strings that YAML 1.1
 * would read as another type are quoted.
 */
import { Document, Scalar, visit } from "yaml";

/** Characters that YAML allows only as escapes. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Fields with the value undefined are left out, as in JSON. */
export const toYaml = (value: unknown): string => {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && scalar.value.search(unprintable) >= 0)
        scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const format = {
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
    lineWidth: 0,
  };
  return document.toString(format).replaceAll(unprintable, escaped);
};
