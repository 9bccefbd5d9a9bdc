/** Where wrangler lies, and both Workers' configurations, for every command that runs it. */
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");
export const MODULES = join(ROOT, "node_modules");
export const WRANGLER = join(MODULES, "wrangler/bin/wrangler.js");
/** Relative to ROOT. */
export const FRONT = "wrangler.toml";
export const CONVERTER = "src/converter/wrangler.toml";
