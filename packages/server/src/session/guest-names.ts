const adjectives = (
  "Able Amber Brave Bright Brisk Calm Candid Cheerful Clever Coral Cosy Curious Dapper Eager Early Easy Fair Gentle Glad Golden " +
  "Happy Hardy Honest Jolly Keen Kind Lively Lucky Mellow Merry Mild Neat Nimble Noble Patient Placid Polite Proud Quick Quiet " +
  "Ready Silver Snug Sunny Swift Tidy Trusty Warm Wise Witty"
).split(" ");

const animals = (
  "Badger Beaver Bison Crane Deer Dolphin Dove Duck Falcon Finch Fox Gazelle Gecko Hare Hedgehog Heron Ibis Jay Kestrel Kiwi " +
  "Koala Lark Lemur Lynx Magpie Marten Mole Moose Newt Otter Owl Panda Pelican Penguin Plover Puffin Quail Rabbit Raven Robin " +
  "Seal Sparrow Squirrel Stork Swallow Swan Tern Thrush Turtle Wren"
).split(" ");

/** A friendly name for someone who gave none, such as "Quiet Otter". */
export function guestName(random: () => number): string {
  return `${pick(adjectives, random)} ${pick(animals, random)}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "Guest";
}
