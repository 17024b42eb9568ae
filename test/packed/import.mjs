// Every package loads by import, under plain Node.
for (const name of process.argv.slice(2)) {
  const start_ms = performance.now()
  await import(name)
  console.log(`${name} ${Math.round(performance.now() - start_ms)} ms`)
}
