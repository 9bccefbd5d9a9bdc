/**
 * trampoline.wat as bytes: assembled by hand after the WebAssembly binary format, section by section, so that the
 * committed trampoline.wasm can be checked (and made again) without an assembler.
 */
const I32 = 0x7f;
const FUNC_TYPE = 0x60;
const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
const section = (id: number, body: number[]) => [id, body.length, ...body];

export function assembleTrampoline(): Uint8Array {
  const locals = [0, 1, 2, 3].flatMap((i) => [0x20, i]); // local.get i
  const code = [
    ...[0x23, 0], // global.get $maySuspend
    ...[0x04, I32], // if (result i32)
    ...locals,
    ...[0x10, 0], // call $wait
    0x05, // else
    ...locals,
    ...[0x10, 1], // call $now
    ...[0x0b, 0x0b], // end of if, end of function
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, FUNC_TYPE, 4, I32, I32, I32, I32, 1, I32]),
    ...section(2, [2, ...name("file"), ...name("wait"), 0, 0, ...name("file"), ...name("now"), 0, 0]),
    ...section(3, [1, 0]),
    ...section(6, [1, I32, 1, 0x41, 0, 0x0b]), // (mut i32) (i32.const 0)
    ...section(7, [2, ...name("maySuspend"), 3, 0, ...name("block"), 0, 2]),
    ...section(10, [1, code.length + 1, 0, ...code]),
  ]);
}
