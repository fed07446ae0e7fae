/** The value below which a share of all lies; the values need no order. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** The median with the least and the most, for figures of which a few are measured. */
export function spread(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
