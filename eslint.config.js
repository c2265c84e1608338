import eslint from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import { defineConfig } from "eslint/config";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist/**", "coverage/**", ".local/**", "**/*.mjs", "**/*.cjs", "**/*.js"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-misused-spread": "off",
      complexity: ["error", 10],
      eqeqeq: ["error", "always"],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only functions/config.ts reads the environment.",
        },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only." },
        {
          selector: "ExportAllDeclaration",
          message: "No barrels: import from the file that defines it.",
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Ask the Clock.",
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: "Ask the Clock.",
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: "Ask for randomness as a port.",
        },
      ],
    },
  },
  {
    files: [
      "functions/**/domain/**/*.ts",
      "functions/**/use-cases/**/*.ts",
      "functions/kernel/**/*.ts",
    ],
    ignores: ["**/*.test.ts"],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: "typescript" } },
    rules: {
      "jsdoc/check-param-names": ["error", { disableMissingParamChecks: true }],
      "jsdoc/check-tag-names": "error",
      "jsdoc/no-types": "error",
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            "ExportNamedDeclaration > VariableDeclaration",
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
          ],
        },
      ],
      "jsdoc/require-description": "error",
    },
  },
  { files: ["*.config.*"], rules: { "no-restricted-syntax": "off" } },
  {
    // The local stack and the tools are programs: they print, and they read their own settings.
    files: [
      "functions/config.ts",
      "functions/main.ts",
      "local/**/*.ts",
      "bench/**/*.ts",
      "test/**/*.ts",
      "tools/**/*.ts",
    ],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["local/**/*.ts", "bench/**/*.ts", "tools/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.test.ts", "test/**/*.ts"],
    plugins: { vitest },
    rules: {
      ...vitest.configs.recommended.rules,
      "max-lines-per-function": "off",
      "vitest/no-focused-tests": "error",
      "vitest/no-disabled-tests": "error",
      "vitest/consistent-test-it": ["error", { fn: "test" }],
    },
  },
);
