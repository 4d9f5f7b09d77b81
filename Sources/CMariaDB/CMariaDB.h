// MariaDB Connector/C, whose header is found by pkg-config.

#ifndef SWELL_CMARIADB_H
#define SWELL_CMARIADB_H

#include <mysql.h>
#include <errmsg.h>

#endif
