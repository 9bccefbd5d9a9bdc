/** What every block's builder is given: where words lie, what the document knows, and where changed characters are told. */
import type { Edit } from "../../document/index.ts";
import type { PageLines, Word } from "../../page-lines.ts";
import type { Profile } from "../../profile.ts";
import type { Field } from "../propose/proposal.ts";
import type { Reference } from "./notes.ts";

export interface Writing {
  page: PageLines;
  profile: Profile;
  /** Fields in tables: their cells hold them. */
  fields: readonly Field[];
  edits: Edit[];
  /** Words that refer to notes of this page → what they say, part by part. */
  references: ReadonlyMap<Word, readonly Reference[]>;
}
