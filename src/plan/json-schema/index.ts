// JSON Schemas of what a site writes, for editors.
export { dialogueSchema } from './dialogue-schema.ts'
export { inventorySchema } from './inventory-schema.ts'
export { playbookSchema } from './playbook-schema.ts'
export { settingsSchemaOf } from './settings-schema.ts'
