package bpnn.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Host headers that the server accepts. A foreign page can point a name of its own at this machine (DNS rebinding)
 * and then send requests as if it were ours; it cannot do so with {@code localhost} or an address in figures.
 */
final class HostCheck {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.%]+]|[^:\\[\\]]+)(?::[0-9]{1,5})?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|(?:[0-9]{1,3}\\.){3}[0-9]{1,3}");

    private final String name;

    /** @param name what the server was told to listen on */
    HostCheck(String name) {
        this.name = name.toLowerCase(Locale.ROOT);
    }

    /** @param header of the request, {@code Host} */
    boolean permits(@Nullable String header) {
        if (header == null) {
            return false;
        }
        var authority = AUTHORITY.matcher(header.toLowerCase(Locale.ROOT));
        if (!authority.matches()) {
            return false;
        }
        String host = authority.group(1);
        return host.equals("localhost")
                || host.equals(name)
                || ADDRESS.matcher(host).matches();
    }
}
