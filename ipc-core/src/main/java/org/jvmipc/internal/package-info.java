/** The machinery between the API and the transports. Not API: it changes without notice. */
package org.jvmipc.internal;
