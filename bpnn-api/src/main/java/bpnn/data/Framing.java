package bpnn.data;

/** How what an image shows lies in it, and so how any other picture is brought to the same form. */
public enum Framing {
    /**
     * Light on dark, scaled into a box of 5/7 of the side, its centre of mass in the centre, as in MNIST (Y. LeCun et al.,
     * 1998, section III-A).
     */
    CENTRE_OF_MASS,
    /** Light on dark, its bounding box scaled to 6/7 of the side and centred, as in EMNIST (G. Cohen et al., 2017, section II-C). */
    BOUNDING_BOX,
    /** The whole picture, scaled. */
    WHOLE
}
