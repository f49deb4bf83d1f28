"""What follows for papers, their periods, figures and quantities. Pure: no database and no clock."""
