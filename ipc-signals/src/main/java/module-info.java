/**
 * Signals as channels; the module has no types yet, and exports {@code org.jvmipc.signals} once it has.
 */
module org.jvmipc.signals {
}
