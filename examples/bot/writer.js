// @ts-check

/** @type {[pattern: RegExp, answer: string][]} */
const rules = [
  [/\b(hi|hello|hey)\b/i, "Hello! I am a bot that runs inside the chat server. Ask me about *streaming*, *storing* or *models*."],
  [/stream/i, "I write this word by word. The server tells everyone what was added a few times a second, and only when I am done is it stored, as one message like any other. Whoever opens the page in the middle of it sees all that I have written so far."],
  [/stor|sav|kept|keep/i, "Nothing of this is stored until I am done. If the server is stopped while I write, what I have is stored as it stands; if it is killed, my half sentence vanishes from your screen after ten seconds."],
  [/model|ai\b|llm/i, "I know three rules and no model. In `server.js` there is a line where the stream of a model would go: anything that gives pieces of text one after the other will do."],
];

/**
 * Writes an answer piece by piece, as a model would: always the same to the same question.
 *
 * @param {string} question
 * @param {number} msPerWord
 */
export async function* answerTo(question, msPerWord) {
  const answer = rules.find(([pattern]) => pattern.test(question))?.[1] ?? `You wrote ${question.trim().split(/\s+/).length} words, and I have no rule for them. Ask me about *streaming*, *storing* or *models*.`;
  for (const word of answer.split(/(?<= )/)) {
    await new Promise((resolve) => setTimeout(resolve, msPerWord));
    yield word;
  }
}
