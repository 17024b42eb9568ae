// Every package loads by require(), and is the same module that import gives: two would be two brands.
const assert = require('node:assert/strict')

const main = async () => {
  for (const name of process.argv.slice(2)) {
    const required = require(name)
    const imported = await import(name)
    for (const key of Object.keys(imported)) assert.equal(required[key], imported[key], key)
  }
}

main()
