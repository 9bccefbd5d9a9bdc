/** What wrangler's module rules make of imports that TypeScript doesn't know. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
