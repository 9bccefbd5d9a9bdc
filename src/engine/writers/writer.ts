/** What every writer is. Types only. */
import type { Document, Part } from "../document/index.ts";
import type { Placed } from "../geometry.ts";
import type { ConvertOptions } from "../options.ts";

/** A figure's place, and the same in the pixels of lines.json. */
export type Crop = Placed & { width: number; height: number; left: number; top: number };

export interface WriteContext {
  /** In image_id and crop links. */
  fileId: string;
  /** sha256 of the source, hex; with a LineId it makes the ids of lines.json, so that they don't depend on the file's id. */
  sourceHash: string;
  options: ConvertOptions;
  /** Address of a crop, given in the pixels of lines.json; null = figures are written without their pictures. */
  cropUrl(crop: Crop): string | null;
}

/** A document being written, part by part, so that 5,000 pages stay flat and one pass feeds several formats. */
export interface Writing {
  part(part: Part): string;
  end(): string;
}

export interface Writer {
  extension: string;
  contentType: string;
  write(head: Document["head"], context: WriteContext): Writing;
}
