/** The speech bubble of the launcher, on a field of 24 by 24; shared with the loader. */
export const chatStrokes =
  "M21 11.5a8 8 0 0 1-8 8 9 9 0 0 1-3.3-.6L4 20.5l1.5-4.3A7.6 7.6 0 0 1 4 11.5a8 8 0 0 1 8-8h1a8 8 0 0 1 8 8ZM9 11.5h.01M12.5 11.5h.01M16 11.5h.01";
