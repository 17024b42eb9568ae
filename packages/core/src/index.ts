// @selfsame/core
export { memoryStore } from './memory/memory-store.js'
export { readCommand } from './commands/index.js'
export { receipt } from './engine/result.js'
export { leafOf } from './log/leaf.js'
