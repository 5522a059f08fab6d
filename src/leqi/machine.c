/* machine.c - the address and MAC that every uploaded invoice carries (protocol 7.5, "device"). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "leqi/leqi_p.h"

/* First IPv4 address (the wire gives 20 characters: no IPv6) of an interface that is up and leaves
 * the machine; its name in *name. */
static bool find_address(const struct ifaddrs *list, char ip[48], const char **name)
{
	for (; list; list = list->ifa_next) {
		struct sockaddr_in in;

		if (!list->ifa_addr || list->ifa_addr->sa_family != AF_INET ||
		    !(list->ifa_flags & IFF_UP) || (list->ifa_flags & IFF_LOOPBACK))
			continue;
		memcpy(&in, list->ifa_addr, sizeof(in));
		if (!inet_ntop(AF_INET, &in.sin_addr, ip, 48))
			continue;
		*name = list->ifa_name;
		return true;
	}
	return false;
}

static bool find_mac(const struct ifaddrs *list, const char *name, char mac[24])
{
	for (; list; list = list->ifa_next) {
		struct sockaddr_ll ll;

		if (!list->ifa_addr || list->ifa_addr->sa_family != AF_PACKET ||
		    strcmp(list->ifa_name, name) != 0)
			continue;
		memcpy(&ll, list->ifa_addr, sizeof(ll));
		if (ll.sll_halen != 6)
			return false;
		snprintf(mac, 24, "%02X-%02X-%02X-%02X-%02X-%02X", ll.sll_addr[0], ll.sll_addr[1],
			 ll.sll_addr[2], ll.sll_addr[3], ll.sll_addr[4], ll.sll_addr[5]);
		return true;
	}
	return false;
}

void leqi_machine(char ip[48], char mac[24])
{
	struct ifaddrs *list = NULL;
	const char *name = NULL;

	/* A machine without a network (practice): a private address, a locally administered
	 * MAC. */
	text_copy(ip, 48, "192.168.0.1");
	text_copy(mac, 24, "02-00-00-00-00-01");
	if (getifaddrs(&list) != 0)
		return;
	if (find_address(list, ip, &name))
		find_mac(list, name, mac);
	freeifaddrs(list);
}
