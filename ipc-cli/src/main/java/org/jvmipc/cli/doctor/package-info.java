/** What {@code ipc doctor} looks at. */
package org.jvmipc.cli.doctor;
