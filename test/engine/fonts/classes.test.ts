import { expect, test } from "vitest";
import { classOf } from "../../../src/engine/fonts/classes.ts";

const FACTS = { family: "", flags: 0, weight: 400, italicAngle: 0, embedded: true, ascent: 750, descent: -250 };

test.each([
  ["NimbusRomNo9L-Regu", "NimbusRomNo9L", ""],
  ["NimbusRomNo9L-Medi", "NimbusRomNo9L", "bold"],
  ["NimbusRomNo9L-MediItal", "NimbusRomNo9L", "bold italic"],
  ["MyriadPro-BoldIt", "MyriadPro", "bold italic"],
  ["Kp-Medium", "Kp", ""],
  ["MediaSans-Regular", "MediaSans", ""],
  ["CMBX12", "CMBX12", "bold"],
  ["CMTT10", "CMTT10", "mono"],
  ["Helvetica-BoldOblique", "Helvetica", "bold italic"],
])("%s", (name, family, faces) => {
  const { family: found, ...face } = classOf({ ...FACTS, name });
  const shown = Object.entries(face).flatMap(([key, on]) => (on ? [key] : []));
  expect([found, shown.join(" ")]).toEqual([family, faces]);
});
