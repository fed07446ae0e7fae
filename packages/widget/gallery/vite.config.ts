import { defineConfig } from "vite";

const packages = `${import.meta.dirname}/../..`;

/** Shows the widget from its sources, in each of its states. */
export default defineConfig({ resolve: { alias: [{ find: /^@chat-widget\/(\w+)$/, replacement: `${packages}/$1/src/index.ts` }, { find: /^@chat-widget\/protocol\/text$/, replacement: `${packages}/protocol/src/text.ts` }] } });
