// libpq, and two calls that Swift cannot make by itself: both are macros or variadic in C.

#ifndef SWELL_CPQ_H
#define SWELL_CPQ_H

#include <libpq-fe.h>
#include <sys/ioctl.h>

/// Bytes that have come for a socket and are not read yet; -1 if the system does not say.
static inline int cpq_unread_bytes(int socket) {
    int bytes = 0;
    return ioctl(socket, FIONREAD, &bytes) == 0 ? bytes : -1;
}

/// Drops the server's notices; libpq's own way is to write them to standard error.
static inline void cpq_ignore_notice(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

/// Keeps a connection's notices off standard error.
static inline void cpq_ignore_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, cpq_ignore_notice, 0);
}

#endif
