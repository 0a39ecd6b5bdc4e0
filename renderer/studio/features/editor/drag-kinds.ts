/** What is dragged between the parts of the desk. */
export const SELECTION_DRAG = 'application/x-vangxa-selection'
export const BIN_DRAG = 'application/x-vangxa-bin'
