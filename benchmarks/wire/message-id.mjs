const hex = (number, digits) => number.toString(16).padStart(digits, "0");

/** A UUID of version 7 whose random part says whose and which message it is. */
export function messageId(sender, count) {
  const time = hex(Date.now(), 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(sender, 3)}-a000-${hex(count, 12)}`;
}
