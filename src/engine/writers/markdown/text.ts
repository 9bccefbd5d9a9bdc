/** The formats mmd and md: the emitter's pieces, concatenated. */
import type { WriteContext, Writer } from "../writer.ts";
import { type Dialect, mdDialect, mmdDialect } from "./dialect.ts";
import { createEmitter } from "./emit.ts";

export const mmd: Writer = textWriter("mmd", mmdDialect);
export const md: Writer = textWriter("md", mdDialect);

function textWriter(extension: string, dialect: (context: WriteContext) => Dialect): Writer {
  return {
    extension,
    contentType: "text/markdown; charset=utf-8",
    write(_head, context) {
      const emitter = createEmitter(dialect(context), context);
      return {
        part: (part) =>
          emitter
            .emit(part)
            .map(({ pieces }) => pieces.map((piece) => piece.text).join(""))
            .join(""),
        end: () => "",
      };
    },
  };
}
