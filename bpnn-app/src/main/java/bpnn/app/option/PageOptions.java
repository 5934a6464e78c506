package bpnn.app.option;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** Where a page is shown. */
public final class PageOptions {
    private static final int MOST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8028",
            description = "Port to listen on; 0 takes a free one (default: 8028).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Address or name to listen on. By default this machine alone can see the page; 0.0.0.0 shows"
                    + " it to the whole network (default: 127.0.0.1).")
    private String host = "";

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
        if (port < 0 || port > MOST_PORT) {
            throw new UsageException("--port is " + port + ", but must be between 0 and " + MOST_PORT + ".");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("--host is " + host + ", but no address is known by that name.");
        }
        return address;
    }

    /** Opens a server at the address. */
    public <T> T open(Opening<T> opening) {
        try {
            return opening.open(address(), host);
        } catch (BindException e) {
            throw new UsageException("Port " + port + " of " + host + " cannot be listened on: " + e.getMessage()
                    + ". Name another by --port, or let --port 0 take a free one.");
        } catch (IOException e) {
            throw new UsageException("--host is " + host + ", but it cannot be listened on: " + e.getMessage() + ".");
        }
    }

    /** The address of the page, as a browser takes it. */
    public String url(int listening) {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + listening + "/";
    }
}
