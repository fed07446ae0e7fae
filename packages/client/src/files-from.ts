/** The files that somebody pastes or drops, to be asked for while the event is told. */
export function filesFrom(event: ClipboardEvent | DragEvent): File[] {
  const data = "clipboardData" in event ? event.clipboardData : event.dataTransfer;
  return [...(data?.files ?? [])];
}
