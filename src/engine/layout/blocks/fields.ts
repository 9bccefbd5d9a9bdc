/** A form's field, and the words it took → its block: label and value, a tick's state as "Off" or its value. */
import type { BlockOf } from "../../document/blocks.ts";
import { isTick } from "../fields.ts";
import type { Line } from "../lines.ts";
import type { Field } from "../propose/proposal.ts";
import { writeRuns } from "./runs.ts";
import type { Writing } from "./writing.ts";

const OFF = "Off";
const ON = "On";

export function fieldBlock({ box, label, widget }: Field, lines: readonly Line[], on: Writing): BlockOf<"field"> {
  const page = on.page.size.number;
  const own = new Set(label);
  const labels = lines.filter((line) => own.has(line.from));
  const { runs, edits } = writeRuns(labels, on.page, on.profile.words, on.references);
  on.edits.push(...edits);
  return {
    kind: "field",
    // A field without a label has no line of its own to be named by: its place is its name.
    id: `${page}.${widget.box[0]}-${widget.box[1]}.field`,
    lines: lines.map((line) => line.id),
    places: [{ page, box }],
    control: widget.control,
    name: widget.name,
    value: stateOf(widget),
    label: runs,
  };
}

/** PDFium gives all buttons of a group the value of the one that is pressed. */
function stateOf(widget: Field["widget"]): string {
  if (!isTick(widget)) return widget.value.trim();
  if (widget.checked !== true) return OFF;
  return widget.value === "" || widget.value === OFF ? ON : widget.value;
}
