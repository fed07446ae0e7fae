/** The one spelling of a signed token; decoders of Base64 also take others, such as one with a line end. */
export const tokenSpelling = /^[\w-]+\.[\w-]+\.[\w-]+$/;
