/** How much happens in a scenario. */
export interface Size {
  workers: number;
  /** People in each worker. */
  people: number;
  /** Pages that each person has open. */
  tabs: number;
  /** Wishes a second, of everybody together. */
  rate: number;
}
