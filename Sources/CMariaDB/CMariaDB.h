// MariaDB Connector/C, whose header is found by pkg-config, and two things that Swift cannot do by itself.

#ifndef SWELL_CMARIADB_H
#define SWELL_CMARIADB_H

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <mysql.h>
#include <errmsg.h>
#if MARIADB_PACKAGE_VERSION_ID >= 30402
// As `ma_pvio.h` needs them.
#define HAVE_TLS 1
typedef unsigned char uchar;
#include <ma_pvio.h>

/// Takes any certificate.
static inline int cmariadb_accept_certificate(MARIADB_TLS *tls, unsigned int checks) {
    (void)checks;
    tls->pvio->mysql->net.tls_verify_status = 0;
    return 0;
}
#endif

/// Has the library end a connection before it signs in, if the server does not offer TLS; takes any certificate.
///
/// A fingerprint that is empty counts as one to be checked when TLS is not offered, and as none when it is. From 3.4.2 on
/// it has the certificate checked, unless that is left to a function.
static inline void cmariadb_require_tls(MYSQL *mysql) {
    mysql_options(mysql, MARIADB_OPT_TLS_PEER_FP, "");
#if MARIADB_PACKAGE_VERSION_ID >= 30402
    mysql_options(mysql, MARIADB_OPT_TLS_VERIFICATION_CALLBACK, (void *)cmariadb_accept_certificate);
#endif
}

/// What has happened of what the library waits for, both as `MYSQL_WAIT_…`.
static inline int cmariadb_wait(MYSQL *mysql, int wish) {
    struct pollfd socket = {.fd = (int)mysql_get_socket(mysql)};
    int count, what = 0;
    if (wish & MYSQL_WAIT_READ) socket.events |= POLLIN;
    if (wish & MYSQL_WAIT_WRITE) socket.events |= POLLOUT;
    if (wish & MYSQL_WAIT_EXCEPT) socket.events |= POLLPRI;
    do
        count = poll(&socket, 1, wish & MYSQL_WAIT_TIMEOUT ? (int)mysql_get_timeout_value_ms(mysql) : -1);
    while (count < 0 && errno == EINTR);
    if (count <= 0) return MYSQL_WAIT_TIMEOUT;
    // The end of a connection is told as whatever the library waits for.
    if (socket.revents & (POLLIN | POLLHUP | POLLERR)) what |= MYSQL_WAIT_READ;
    if (socket.revents & (POLLOUT | POLLHUP | POLLERR)) what |= MYSQL_WAIT_WRITE;
    if (socket.revents & POLLPRI) what |= MYSQL_WAIT_EXCEPT;
    return what & wish;
}

/// `mysql_real_connect`, which blocks, but tells of each socket before it waits for it, so that another thread can shut it
/// down. The handle must have been given `MYSQL_OPT_NONBLOCK`.
static inline MYSQL *cmariadb_connect(
    MYSQL *mysql, const char *host, const char *user, const char *password, const char *database, unsigned int port,
    const char *path, unsigned long flags, void (*tell)(void *context, int socket), void *context
) {
    MYSQL *opened = NULL;
    int wish = mysql_real_connect_start(&opened, mysql, host, user, password, database, port, path, flags);
    while (wish) {
        tell(context, (int)mysql_get_socket(mysql));
        wish = mysql_real_connect_cont(&opened, mysql, cmariadb_wait(mysql, wish));
    }
    return opened;
}

#endif
