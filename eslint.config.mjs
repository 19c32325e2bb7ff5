// @ts-check
const PAGE = [
  "AbortController", "AbortSignal", "Blob", "CustomEvent", "DOMException", "Event", "EventSource", "File", "FormData",
  "Headers", "Image", "KeyboardEvent", "MouseEvent", "Node", "Response", "ResizeObserver",
  "URL", "URLSearchParams", "XMLSerializer",
  "clearInterval", "clearTimeout", "console", "document", "fetch", "localStorage", "navigator", "requestAnimationFrame",
  "sessionStorage", "setInterval", "setTimeout", "structuredClone", "window",
];

export default [
  {
    files: ["src/sogdia/web/pages/**/*.js", "tests/web/pages/**/*.mjs"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(PAGE.map((name) => [name, "readonly"])),
    },
    rules: {
      "array-callback-return": "error",
      complexity: ["error", 15],
      eqeqeq: "error",
      "max-len": ["error", { code: 140, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 120, skipComments: true }],
      "no-const-assign": "error",
      "no-dupe-args": "error",
      "no-dupe-keys": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-redeclare": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "text of data must stay text; use h() and textContent" },
        { property: "outerHTML", message: "text of data must stay text; use h() and textContent" },
        { property: "insertAdjacentHTML", message: "text of data must stay text; use h() and textContent" },
      ],
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
];
