/** How signals are handled, sent and received; no API. */
package org.jvmipc.signals.internal;
