package bpnn.app.option;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** Where a page is shown. */
public final class PageOptions {
    /** The port of pages, unless another is named. */
    static final int PORT = 8028;

    private static final int MOST_PORT = 65_535;
    private static final String LOOPBACK = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + PORT,
            description = "Port to listen on; 0 takes a free one (default: " + PORT + ").")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = LOOPBACK,
            description = "Address or name to listen on. By default this machine alone can see the page; 0.0.0.0 shows"
                    + " it to the whole network (default: 127.0.0.1).")
    private String host = "";

    private String option = "--port";

    /** Opens a server. */
    @FunctionalInterface
    public interface Opening<T> {
        /** @param host what the address was called */
        T open(InetSocketAddress address, String host) throws IOException;
    }

    /** What the address was called. */
    public String host() {
        return host;
    }

    /** Refuses what cannot be, before anything is loaded. */
    public InetSocketAddress address() {
        checkPort(option, port);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("--host is " + host + ", but no address is known by that name.");
        }
        return address;
    }

    /** Refuses what is no port. */
    static void checkPort(String option, int port) {
        if (port < 0 || port > MOST_PORT) {
            throw new UsageException(option + " is " + port + ", but must be between 0 and " + MOST_PORT + ".");
        }
    }

    /** A page that this machine alone sees, at a port that another option names. */
    public static PageOptions onLoopback(String option, int port) {
        PageOptions page = new PageOptions();
        page.option = option;
        page.port = port;
        page.host = LOOPBACK;
        return page;
    }

    /** Opens a server at the address. */
    public <T> T open(Opening<T> opening) {
        try {
            return opening.open(address(), host);
        } catch (BindException e) {
            throw new UsageException("Port " + port + " of " + host + " cannot be listened on: " + e.getMessage()
                    + ". Name another by " + option + ", or let " + option + " 0 take a free one.");
        } catch (IOException e) {
            throw new UsageException("--host is " + host + ", but it cannot be listened on: " + e.getMessage() + ".");
        }
    }

    /** The address of the page, as a browser takes it. */
    public String url(int listening) {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + listening + "/";
    }
}
