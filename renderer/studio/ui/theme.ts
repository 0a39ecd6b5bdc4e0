import { createTheme, type MantineColorsTuple } from '@mantine/core'

const sea: MantineColorsTuple = ['#e6f4f6', '#cfe6ea', '#a2ced6', '#70b4c0', '#489eae', '#2e8fa1', '#1b7f92', '#0c6e80', '#005c6c', '#004855']

/** One visual language: sea green for the house, red only for what is on air or recording, amber for warnings. */
export const theme = createTheme({
  primaryColor: 'sea', primaryShade: { light: 7, dark: 6 }, colors: { sea },
  fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 'sm', focusRing: 'always', cursorType: 'pointer', respectReducedMotion: true,
  headings: { fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'xs' } }, TextInput: { defaultProps: { size: 'xs' } }, Select: { defaultProps: { size: 'xs' } }, NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } }, Textarea: { defaultProps: { size: 'xs' } }, MultiSelect: { defaultProps: { size: 'xs' } }, Checkbox: { defaultProps: { size: 'xs' } },
    // Keys wait for no animation: the next one may already mean the desk behind the dialog.
    Modal: { defaultProps: { transitionProps: { duration: 0 } } },
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: 8, fz: 'sm' } },
  },
})
