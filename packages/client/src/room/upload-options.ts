/** How a file is to be sent. */
export interface UploadOptions {
  /** What it is called; the name of a `File` when left out. */
  name?: string;
  /** Called with how many of its bytes are sent. */
  onProgress?: (sentBytes: number, allBytes: number) => void;
  /** Ends it and removes what was sent; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}
