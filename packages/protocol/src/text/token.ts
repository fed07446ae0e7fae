/** A stretch of a message as it is to be shown. What holds others holds them no deeper than a few levels. */
export type Token =
  | { readonly type: "text" | "code"; readonly text: string }
  /** Lines of code. `language` is the word that was written beside them. */
  | { readonly type: "code-block"; readonly text: string; readonly language?: string }
  /** An address to follow. `host` says where it leads when the text does not: it belongs beside the text, always. */
  | { readonly type: "link"; readonly text: string; readonly href: string; readonly host?: string }
  | { readonly type: "strong" | "em" | "strike" | "quote" | "item"; readonly tokens: readonly Token[] }
  /** Items only; numbered from `start` when there is one. */
  | { readonly type: "list"; readonly start?: number; readonly tokens: readonly Token[] };
