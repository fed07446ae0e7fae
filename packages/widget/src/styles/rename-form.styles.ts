/** The line in which a guest says what to be called. */
export const renameFormStyles = `
chat-widget-rename { display: block; inline-size: 100%; }
.rename { display: flex; align-items: center; gap: 6px; }
.rename input { flex: 1; min-inline-size: 0; min-block-size: 34px; margin: 0; padding: 4px 10px; border: 1px solid var(--_border); border-radius: 10px; background: none; color: var(--_text); font: inherit; }
.rename input:focus-visible { border-color: var(--_accent); outline: 1px solid var(--_accent); outline-offset: 0; }
@media (max-width: 479.98px) { .rename input { font-size: 16px; } }
`;
