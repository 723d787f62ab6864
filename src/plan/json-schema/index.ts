// JSON Schemas of what a site writes, for editors.
export { dialogueSchema } from './dialogue-schema.ts'
export { inventorySchema, variablesSchema } from './inventory-schema.ts'
export { playbookSchema } from './playbook-schema.ts'
export { settingsSchemaOf } from './settings-schema.ts'
