const fewEmoji = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?|\s)+$/v;

/** Whether a text is nothing but a few emoji, which are then shown larger. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 32 && /\S/u.test(text) && fewEmoji.test(text);
}

/** The emoji within reach of one click. */
export const quickEmoji = ["👍", "❤️", "😂", "😮", "😢", "🎉"] as const;
