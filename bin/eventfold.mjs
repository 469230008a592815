#!/usr/bin/env node
// `npx eventfold` in this repository, whose commands are TypeScript. The tarball has bin/eventfold.js instead.
import { register } from "tsx/esm/api";

register();
await import("./eventfold.ts");
