const marks = /[*_~`>[]|^(?:[-•]|\d+\.) |:\/\/|www\.|mailto:/imu;

/** Whether there may be more in a text than words: a mark, a list, an address. */
export function mayHaveMarks(text: string): boolean {
  return marks.test(text);
}
