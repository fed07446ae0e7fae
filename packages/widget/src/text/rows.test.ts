import { expect, it } from "vitest";
import { ann, bob, said } from "../../gallery/fake-client.js";
import { rowsOf } from "./rows.js";

const at = (day: number, hours: number, minutes: number): { sentAt: number } => ({ sentAt: new Date(2026, 4, day, hours, minutes).getTime() });

it("groups what one author writes in one go", () => {
  const rows = rowsOf([said(ann, "1", at(1, 10, 0)), said(ann, "2", at(1, 10, 4)), said(bob, "3", at(1, 10, 4)), said(ann, "4", at(1, 10, 5))]);
  expect(rows.map(({ startsGroup, endsGroup }) => [startsGroup, endsGroup])).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

it("starts a group after a silence, so that the time is shown again", () => {
  const rows = rowsOf([said(ann, "1", at(1, 10, 0)), said(ann, "2", at(1, 10, 6))]);
  expect(rows.map(({ startsGroup }) => startsGroup)).toEqual([true, true]);
});

it("starts a group with each day", () => {
  const rows = rowsOf([said(ann, "1", at(1, 23, 59)), said(ann, "2", at(2, 0, 1))]);
  expect(rows.map(({ startsDay, startsGroup }) => [startsDay, startsGroup])).toEqual([
    [true, true],
    [true, true],
  ]);
});

it("draws the line of the unread above the first of them", () => {
  const messages = [said(ann, "1", at(1, 10, 0)), said(ann, "2", at(1, 10, 1))];
  expect(rowsOf(messages, messages[1]?.id).map(({ startsUnread, startsGroup }) => [startsUnread, startsGroup])).toEqual([
    [false, true],
    [true, true],
  ]);
});

it("has no rows for no messages", () => {
  expect(rowsOf([])).toEqual([]);
});
