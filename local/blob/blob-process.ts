/** The process that Azurite runs in. It ends with the stack, also when that is killed: then the channel closes. */
process.on("disconnect", () => {
  process.exit(0);
});
process.argv.splice(2, Infinity, ...(process.env["AZURITE_ARGUMENTS"] ?? "").split("\n"));
// @ts-expect-error -- a program without types: it starts when it is loaded
await import("azurite/dist/src/blob/main.js");
