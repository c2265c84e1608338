/** Which room may know which: see docs/adr/0001. Run with `npm run boundaries`. */
const ours = "^functions/";
const contexts = "events|notifications";
const azureSdks = "(^|/)node_modules/(@azure/(?!functions)[^/]+|undici|jose|standardwebhooks)/";
const functionsSdk = "(^|/)node_modules/@azure/functions/";
const pureHelpers =
  "(^|/)node_modules/(zod|temporal-polyfill|sanitize-html|sms-segments-calculator|libphonenumber-js|@navikt/fnrvalidator)/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    rule(
      "no-cycles",
      "A cycle has no first file to read.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "no-orphans",
      "Delete what nothing uses.",
      {
        orphan: true,
        pathNot: [
          "\\.test\\.ts$",
          "(^|/)(main|start|demo)\\.ts$",
          "worker\\.ts$",
          "\\.config\\.",
          "^tools/",
        ],
      },
      {},
    ),
    rule(
      "no-unresolvable",
      "An import that does not resolve fails at start.",
      {},
      { couldNotResolve: true },
    ),
    rule(
      "production-uses-dependencies-only",
      "A deployed app has no devDependencies.",
      { path: ours, pathNot: "\\.test\\.ts$" },
      { dependencyTypes: ["npm-dev", "npm-optional", "npm-no-pkg", "npm-unknown"] },
    ),
    rule(
      "production-never-imports-test",
      "The same code path as in Azure.",
      { path: ours, pathNot: "\\.test\\.ts$" },
      { path: "^(local|test|bench|tools)/|\\.test\\.ts$" },
    ),
    rule(
      "local-stack-stands-alone",
      "The local servers know the wire, not the app.",
      { path: "^local/[^/]+/", pathNot: "\\.test\\.ts$" },
      { path: "^(functions|test|bench|tools)/" },
    ),
    rule(
      "local-servers-are-strangers",
      "Each local server could be replaced by the real one; the threads run them all.",
      { path: "^local/([^/]+)/", pathNot: ["\\.test\\.ts$", "^local/threads/"] },
      { path: "^local/[^/]+/", pathNot: "^local/$1/" },
    ),
    rule(
      "kernel-stands-alone",
      "Words both contexts share.",
      { path: "^functions/kernel/", pathNot: "\\.test\\.ts$" },
      { path: ours, pathNot: "^functions/kernel/" },
    ),
    rule(
      "contexts-are-strangers",
      "What one needs of the other is a port given in composition.",
      { path: `^functions/(${contexts})/` },
      { path: `^functions/(${contexts})/`, pathNot: "^functions/$1/" },
    ),
    rule(
      "platform-knows-no-context",
      "Technique without business.",
      { path: "^functions/platform/" },
      { path: `^functions/(${contexts})/` },
    ),
    rule(
      "domain-is-pure",
      "Domain imports domain and kernel.",
      { path: `^functions/(${contexts})/domain/`, pathNot: "\\.test\\.ts$" },
      { path: ours, pathNot: ["^functions/(events|notifications)/domain/", "^functions/kernel/"] },
    ),
    rule(
      "domain-does-no-io",
      "Domain uses pure libraries only.",
      { path: `^functions/((${contexts})/domain|kernel)/`, pathNot: "\\.test\\.ts$" },
      { path: "(^|/)node_modules/", pathNot: pureHelpers },
    ),
    rule(
      "use-cases-know-domain-only",
      "A use-case is business over ports.",
      { path: `^functions/(${contexts})/use-cases/`, pathNot: "\\.test\\.ts$" },
      {
        path: ours,
        pathNot: ["^functions/(events|notifications)/(domain|use-cases)/", "^functions/kernel/"],
      },
    ),
    rule(
      "triggers-are-thin",
      "A trigger calls use-cases, never adapters.",
      { path: `^functions/(${contexts})/triggers/`, pathNot: "\\.test\\.ts$" },
      { path: `^functions/(${contexts})/adapters/` },
    ),
    rule(
      "adapters-implement-ports",
      "An adapter knows the domain, not the steps.",
      { path: `^functions/(${contexts})/adapters/`, pathNot: "\\.test\\.ts$" },
      { path: `^functions/(${contexts})/(use-cases|triggers|register)` },
    ),
    rule(
      "adapters-are-wired-once",
      "Only composition chooses adapters.",
      {
        path: ours,
        pathNot: [`^functions/(${contexts})/adapters/`, "^functions/composition", "\\.test\\.ts$"],
      },
      { path: `^functions/(${contexts})/adapters/` },
    ),
    rule(
      "sdk-stays-at-the-edge",
      "SDKs end in adapters and platform.",
      {
        path: ours,
        pathNot: [`^functions/(${contexts})/adapters/`, "^functions/platform/", "\\.test\\.ts$"],
      },
      { path: azureSdks },
    ),
    rule(
      "functions-sdk-stays-in-triggers",
      "Only triggers know that there is a host.",
      {
        path: ours,
        pathNot: [
          `^functions/(${contexts})/(triggers|register)`,
          "^functions/platform/",
          "^functions/main\\.ts$",
          "\\.test\\.ts$",
        ],
      },
      { path: functionsSdk },
    ),
    rule(
      "config-is-read-at-the-root",
      "Below composition there are values, no settings.",
      {
        path: ours,
        pathNot: [
          "^functions/(main|composition|config)\\.ts$",
          "^functions/composition/",
          "\\.test\\.ts$",
        ],
      },
      { path: "^functions/config\\.ts$" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
