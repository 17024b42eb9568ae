// Sizes for a person: `1.5 MiB`.

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export const sizeText = (size_bytes: number): string => {
  let [size, unit] = [size_bytes, 0]
  // What rounds to 1024.0 is 1.0 of the next unit.
  for (; size >= 1023.95 && unit < units.length - 1; unit += 1) size /= 1024
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}
