;; PDFium's C code calls its file callback through the function table. Where no code may be generated at run time
;; (Workers) a JavaScript function can't be put there, so this static module stands between: `block` has the signature
;; of FPDF_FILEACCESS.m_GetBlock and passes on to JavaScript; to `wait`, which may suspend the stack, while maySuspend
;; is 1, else to `now`, which answers at once.
(module
  (type $getBlock (func (param i32 i32 i32 i32) (result i32)))
  (import "file" "wait" (func $wait (type $getBlock)))
  (import "file" "now" (func $now (type $getBlock)))
  (global $maySuspend (export "maySuspend") (mut i32) (i32.const 0))
  (func (export "block") (type $getBlock)
    global.get $maySuspend
    if (result i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call $wait
    else
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      call $now
    end))
