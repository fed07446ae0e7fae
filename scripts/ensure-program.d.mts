/** Gives the path of a program, installed if need be. @throws {Error} when it is missing and cannot be installed */
export function ensureProgram(name: string): string;
