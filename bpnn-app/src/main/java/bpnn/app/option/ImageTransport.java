package bpnn.app.option;

/** How the workers of a cluster come by images. */
public enum ImageTransport {
    /** They are sent by who has the runs carried out. */
    SEND,
    /** Each worker reads them itself. */
    READ
}
